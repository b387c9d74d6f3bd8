#!/usr/bin/env bash
# The sample inbox, from files to claims, reminders and desk, on the embedded default. Run again it does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."
export MAILROOM_DATA="${MAILROOM_DATA:-demo-data}" MAILROOM_NOW=2026-05-18T18:30:00+00:00
mailroom=.venv/bin/mailroom

printf '\n== samples/inbox -> %s\n' "$MAILROOM_DATA"
"$mailroom" process samples/inbox --claims samples/claims.csv --agency samples/agency.toml \
  --results "$MAILROOM_DATA/results.jsonl"
printf '\n== mailroom report --day 2026-05-18\n'
"$mailroom" report --day 2026-05-18
cat <<TEXT

  Résultats, un objet JSON par pièce / results, a JSON object an item:   $MAILROOM_DATA/results.jsonl
  Le bureau des opérateurs / the operators' desk:   MAILROOM_DATA=$MAILROOM_DATA make serve   -> http://127.0.0.1:8080
TEXT
