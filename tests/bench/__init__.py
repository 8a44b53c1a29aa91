"""Speed, measured as ratios against floors of the same run; `make bench` prints them."""
