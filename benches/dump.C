/// \file dump.C
/// Writes the float and double branches of a file, arrays one element after the other, as raw doubles into a folder,
/// for programs that know no ROOT. columns.txt lists file, type and bound of each; the bounds are those of
/// `compressed`, a file that `rootbaler compress` wrote, and 0 without one.
///
///     root -l -b -q 'dump.C("in.root", "columns", "out.root")'

#include "../root_macros/columns.h"

#include <RootBaler/Codec.h>

#include <fstream>

R__LOAD_LIBRARY(libRootBaler)

int dump(const char *input, const char *folder, const char *compressed = "")
{
   try {
      gSystem->mkdir(folder, kTRUE);
      std::ofstream list(Form("%s/columns.txt", folder));
      auto file = Columns::Open(input);
      std::unique_ptr<TFile> other{*compressed ? Columns::Open(compressed) : nullptr};
      for (auto *tree : Columns::Trees(*file)) {
         auto *coded = other ? other->Get<TTree>(tree->GetName()) : nullptr;
         auto *codec = coded ? RootBaler::Codec::Of(coded) : nullptr;
         for (auto *leaf : Columns::FloatLeaves(*tree)) {
            const TString branch = leaf->GetBranch()->GetName();
            const TString bound = codec ? codec->GetBound(branch.Data()) : "";
            const TString name = Columns::SafeName(tree->GetName() + ("_" + Columns::Name(*leaf))) + ".bin";
            std::vector<double> values;
            Columns::ForEach(*leaf, tree->GetEntries(), [&](double x) { values.push_back(x); });
            std::ofstream bytes(Form("%s/%s", folder, name.Data()), std::ios::binary);
            bytes.write(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(double));
            list << name << ' ' << (TString(leaf->GetTypeName()) == "Double_t" ? "f8" : "f4") << ' '
                 << (bound.BeginsWith("abs=") ? TString(bound(4, bound.Length())) : TString("0")) << '\n';
            if (!bytes || !list)
               throw std::runtime_error(Form("%s/%s cannot be written: is the disk full?", folder, name.Data()));
         }
      }
   } catch (const std::exception &error) {
      return Columns::Fail("dump.C", error);
   }
   return 0;
}
