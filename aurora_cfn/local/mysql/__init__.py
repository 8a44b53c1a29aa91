"""Real MySQL or MariaDB servers behind Aurora MySQL: their programs and data, their users, and the front of them."""
