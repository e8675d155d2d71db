#!/bin/sh
# The table of figures: wiresearch beside Lucene and raw Tantivy, on the same corpus, in the same run.
#
#   tests/benches/table.sh CORPUS QUERIES.tsv WORK [ROUNDS]
#
# CORPUS   a folder of feed files; made by corpus/make_corpus.py of the test material
# QUERIES  id, kind, words, first and last day, separated by tabs
# WORK     an empty folder for indexes, outside of the project
# ROUNDS   how often each is run, alternating (default 3); the medians are printed
#
# In the environment:
#   WIRESEARCH  the program (default: target/release/wiresearch, to be built by `cargo build --release`)
#   QUESTIONS   the example bench_queries (default: target/release/examples/bench_queries, to be built by
#               `cargo build --release --example bench_queries`)
#   RAWTV       the least that a Tantivy program can do; built outside of this folder from $WIRESEARCH_TESTDATA/bench/raw-tantivy
#   LUCENE      class path of Lucene 9.9 and of the compiled bench/lucene/Peer.java
# A floor that is not named is left out, and so is `rg` where there is none.
#
# Nothing here says whether a figure is good enough: look at the ratios, and at more than one run.
set -eu

[ $# -ge 3 ] || { sed -n '2,20s/^# \{0,1\}//p' "$0"; exit 2; }
corpus=$(realpath "$1") queries=$(realpath "$2") work=$3 rounds=${4:-3}
project=$(realpath "$(dirname "$0")/../..")
ws=${WIRESEARCH:-$project/target/release/wiresearch}
questions=${QUESTIONS:-$project/target/release/examples/bench_queries}
rawtv=${RAWTV:-} lucene=${LUCENE:-}
mkdir -p "$work"
work=$(realpath "$work")
figures=$work/figures.tsv
: > "$figures"

# note NAME COMMAND...: seconds, seconds of processor, megabytes at most; appended to the figures
note() {
    name=$1; shift
    /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" > "$work/out" 2> "$work/err" ||
        { echo "failed: $*" >&2; cat "$work/err" >&2; exit 2; }
    tail -n 1 "$work/time" | awk -v OFS='\t' -v name="$name" '{ print name, $1, $2 + $3, $4 / 1024 }' >> "$figures"
}

# a process takes less than the hundredth of a second that `time` tells: the words of all questions, a process each
cut -f 3 "$queries" > "$work/words"
cat > "$work/each" << 'END'
#!/bin/sh
while read -r words; do "$@" query "$words" -n 10; [ $? -le 1 ] || exit; done < "$WORDS"
END
cat > "$work/as-often" << 'END'
#!/bin/sh
while read -r _; do "$@" || exit; done < "$WORDS"
END
chmod +x "$work/each" "$work/as-often"

# median NAME COLUMN: the median of a column of the figures
median() {
    awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$figures" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)]; else print "-" }'
}

size() { du -sb "$1" | cut -f 1; }

# row TEXT A B: a line with two figures and their ratio
row() { awk -v text="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%-58s %10s %10s %8s\n", text, a, b, (b > 0 ? sprintf("%.2f", a / b) : "-") }'; }

files=$(find "$corpus" -type f | wc -l)
text=$(find "$corpus" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')

for _ in $(seq "$rounds"); do
    rm -rf "$work/ws"
    note first "$ws" -i "$work/ws" index "$corpus"
    if [ -n "$rawtv" ]; then
        rm -rf "$work/tv"
        note first-tantivy "$rawtv" index "$corpus" "$work/tv" --threads 2 --heap-mb 400 --store-body
    fi
    if [ -n "$lucene" ]; then
        rm -rf "$work/lu"
        note first-lucene java -Xmx2g -cp "$lucene" Peer index "$corpus" "$work/lu"
    fi
done
peak=$(median first 4) bytes=$(size "$work/ws")

# before small runs have left segments of a file or two, so that all ask an index of one run; in turn, as whoever asks first after
# so much writing is slower
rm -f "$work/ws.tsv" "$work/tv.tsv" "$work/lu.tsv"
for _ in $(seq "$rounds"); do
    note cold env WORDS="$work/words" "$work/each" "$ws" -i "$work/ws"
    if command -v rg > /dev/null; then note rg env WORDS="$work/words" "$work/as-often" rg --version; fi
    [ -x "$questions" ] || continue
    "$questions" "$work/ws" "$queries" 11 >> "$work/ws.tsv"
    if [ -n "$rawtv" ]; then "$rawtv" bench "$work/tv" "$queries" 11 >> "$work/tv.tsv"; fi
    if [ -n "$lucene" ]; then
        java -Xmx2g -cp "$lucene" Peer bench "$work/lu" "$queries" 11 >> "$work/lu.tsv" 2> "$work/err"
    fi
done

# files that changed just before the first run are read once more, and noted
"$ws" -i "$work/ws" index "$corpus"
trap 'rm -f "$corpus"/wiresearch-table-$$-*.txt' EXIT INT TERM
for round in $(seq $((rounds * 3))); do
    note find find "$corpus" -printf '%s %T@ %p\n'
    note same "$ws" -i "$work/ws" index "$corpus"
    new=$corpus/wiresearch-table-$$-$round.txt
    printf ' date 2017-03-14 Prøvetelegram %s om havnen.\n\n\n\n/ritzau/' "$round" > "$new"
    touch -d '1 hour ago' "$new"
    # without and with the walk
    if [ $((round % 2)) = 0 ]; then
        note one-named "$ws" -i "$work/ws" index "$new"
    else
        note one "$ws" -i "$work/ws" index "$corpus"
    fi
done

echo "$files files, $text bytes of text; medians of $rounds rounds; $(nproc) processors"
printf '%-58s %10s %10s %8s\n' '' wiresearch other ratio
if [ -n "$lucene" ]; then row 'first index, CPU seconds, against Lucene' "$(median first 3)" "$(median first-lucene 3)"; fi
if [ -n "$rawtv" ]; then row 'first index, CPU seconds, against raw Tantivy' "$(median first 3)" "$(median first-tantivy 3)"; fi
row 'first index, processors busy (CPU s, seconds)' "$(median first 3)" "$(median first 2)"
row 'first index, peak MB' "$peak" -
row 'index against text, bytes' "$bytes" "$text"
row 'nothing new, seconds, against find' "$(median same 2)" "$(median find 2)"
row 'one new file, seconds, against nothing new' "$(median one 2)" "$(median same 2)"
row 'one new file named, no walk, seconds' "$(median one-named 2)" -
row "$(wc -l < "$work/words") cold questions, seconds, against rg --version" "$(median cold 2)" "$(median rg 2)"

# quantiles FILE [KIND [COLUMN]]: of warm questions, the median of each question's repeats, then over the questions and rounds; of
# one kind, if it is named; of another column than that of the whole answer
quantiles() {
    awk -F '\t' -v kind="${2:-}" -v column="${3:-4}" '$1 ~ /^q/ && (kind == "" || $2 == kind) { print $column }' "$1" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) printf "%s %s\n", v[int((NR + 1) / 2)], v[int(NR * 0.99 + 0.5)] }'
}
if [ -x "$questions" ]; then
    theirs50=- theirs99=-
    if [ -n "$rawtv" ]; then
        set -- $(quantiles "$work/tv.tsv")
        theirs50=$1 theirs99=$2
    fi
    # raw Tantivy and Lucene read ten headlines: like for like is without snippets
    for asked in 'with headlines:4' 'with snippets:6' 'counted only:7'; do
        set -- $(quantiles "$work/ws.tsv" '' "${asked#*:}")
        row "warm questions, ${asked%:*}, p50 in microseconds" "$1" "$theirs50"
        row "warm questions, ${asked%:*}, p99 in microseconds" "$2" "$theirs99"
    done
    if [ -n "$lucene" ]; then
        set -- $(quantiles "$work/ws.tsv" prefix) $(quantiles "$work/lu.tsv" prefix)
        row 'warm prefixes, with headlines, p50, against Lucene' "$1" "$3"
        set -- $(quantiles "$work/ws.tsv" prefix 6) $(quantiles "$work/lu.tsv" prefix)
        row 'warm prefixes, with snippets, p50, against Lucene' "$1" "$3"
    fi
fi
