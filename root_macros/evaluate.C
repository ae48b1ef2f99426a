/// \file evaluate.C
/// All plots for one compressed file: runs the same analysis on the original, the compressed and (if there is one) the
/// decompressed file, draws the histograms before and after, and the errors in units of the bounds.
///
///     root -l -b -q 'evaluate.C("original.root", "compressed.root", "out", "decompressed.root")'

#include "analysis.C"
#include "compare.C"
#include "error_distribution.C"

int evaluate(const char *original, const char *compressed, const char *outDir = "evaluation",
             const char *decompressed = "")
{
   const TString histograms = TString(outDir) + "/histograms", plots = TString(outDir) + "/plots";
   gSystem->mkdir(histograms, kTRUE);
   const TString before = histograms + "/original.root", after = histograms + "/compressed.root",
                 plain = *decompressed ? histograms + "/decompressed.root" : TString();
   for (const TString &old : {before, after, plain}) // of an earlier call
      gSystem->Unlink(old);
   if (analysis(original, before) || analysis(compressed, after, before) ||
       (*decompressed && analysis(decompressed, plain, before)))
      return 1;
   return compare(before, after, plots, plain) || error_distribution(original, compressed, plots);
}
