#!/bin/sh
# Keys from the environment into SeaweedFS' own file, then the server, telemetry off.
set -eu
umask 077
cat > /tmp/s3.json <<JSON
{"identities": [{"name": "mailroom",
  "credentials": [{"accessKey": "$S3_ACCESS_KEY", "secretKey": "$S3_SECRET_KEY"}],
  "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
JSON
exec weed server -dir=/data -ip.bind=0.0.0.0 -master.telemetry=false -volume.max=50 -filer -s3 -s3.port=8333 -s3.config=/tmp/s3.json
