"""Running a policy's own tests, and what they cover: pure, over traces that somebody else read."""
