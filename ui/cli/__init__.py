"""The command line. Commands parse their options, call the store or the pipeline, and print; they decide nothing themselves."""
