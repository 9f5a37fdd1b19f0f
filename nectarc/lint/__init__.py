"""What Refinery will do with a rules file, before Refinery sees it."""
