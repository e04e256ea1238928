"""The hosted pages and payglobe.js: sources, build and what the build promises."""
