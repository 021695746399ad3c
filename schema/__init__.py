"""The contract: what a form is, what its values mean, what is checked. No I/O; imports nothing of ours."""
