#!/usr/bin/env bash
# One would expect: postgres (postgres.js) reads the array {a,NULL} as ["a", null], and {1,NULL} as [1, null], as pg, psycopg and asyncpg do.
# What happens: NULL in an array is an element like any other: ["a", "NULL"], and [1, NaN] for numbers. Only a whole column that is null is null.
# Why it matters: no error and no warning; what is read and written back changes the data: the text NULL takes the place of nothing, and NaN goes
#   into a float8[] as a number. Cast, or select coalesce(...) of each element, or give the type a parser of your own.
# Version and source: postgres 3.4.9 (npm), arrayParserLoop in src/types.js, which gives every element to the parser of the type.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . postgres@3.4.9 >/dev/null
cat > read.mjs <<'JS'
import { arrayParser, types } from "./node_modules/postgres/src/types.js";
// As src/index.js sets it up for each type of array that the server has.
const texts = arrayParser("{a,NULL}", undefined, 1009).flat();
const numbers = arrayParser("{1,NULL}", types.number.parse, 1007).flat();
console.log("text[] {a,NULL}:", texts, " int4[] {1,NULL}:", numbers);
if (texts[1] !== "NULL" || !Number.isNaN(numbers[1])) throw new Error("the behaviour has changed");
JS
node read.mjs
