# The catalogue of songs, as it is now.
set -euo pipefail
curl --fail --silent --show-error --location "$SLUICE_BASE_URL/songs.ndjson" --output "$SLUICE_OUT/songs.ndjson"
wc -l < "$SLUICE_OUT/songs.ndjson"
