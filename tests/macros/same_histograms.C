// The histograms of the decompressed file must equal those of the compressed one; the original may differ a little.
#include "../../root_macros/columns.h"

#include <TH1D.h>

int same_histograms(const char *original, const char *compressed, const char *decompressed)
{
   try {
      auto before = Columns::Open(original), after = Columns::Open(compressed), plain = Columns::Open(decompressed);
      int compared = 0;
      for (const char *tree : {"sig_tree", "bkg_tree"})
         for (auto *key : *before->Get<TDirectory>(tree)->GetListOfKeys()) {
            const TString name = TString(tree) + "/" + key->GetName();
            auto *a = before->Get<TH1D>(name), *b = after->Get<TH1D>(name), *c = plain->Get<TH1D>(name);
            if (!a || !b || !c)
               throw std::runtime_error((name + " is missing").Data());
            double moved = 0;
            for (int bin = 0; bin <= a->GetNbinsX() + 1; ++bin) {
               if (b->GetBinContent(bin) != c->GetBinContent(bin))
                  throw std::runtime_error(Form("%s, bin %d: compressed %g, decompressed %g", name.Data(), bin,
                                                b->GetBinContent(bin), c->GetBinContent(bin)));
               moved += std::abs(a->GetBinContent(bin) - b->GetBinContent(bin));
            }
            // A value that moves to the next bin counts twice; with a bound far below the bin width few do.
            if (a->GetEntries() != 10000 || moved > 0.2 * 2 * a->GetEntries())
               throw std::runtime_error(Form("%s: %g of %g entries moved", name.Data(), moved / 2, a->GetEntries()));
            ++compared;
         }
      if (compared != 22)
         throw std::runtime_error(Form("%d histograms, expected 22", compared));
   } catch (const std::exception &error) {
      return Columns::Fail("same_histograms.C", error);
   }
   return 0;
}
