"""Programs that generate files of this repository; no part of the package."""
