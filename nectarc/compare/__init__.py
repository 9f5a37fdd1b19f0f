"""What a change does: two policies or rules files compared, for every trace and on a corpus."""
