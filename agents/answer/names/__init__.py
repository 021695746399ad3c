"""What a question may name: projects, units, places, years and indicators of the stored forms."""
