/// \file sparse.C
/// Writes collections that are nearly always empty, as a trigger's objects are: 200 000 entries of 20 RVecs, of which
/// one in fifty has elements. What stores each entry's header pays for nothing.
///
///     root -l -b -q 'sparse.C("sparse.root")'
///     rootbaler compress sparse.root small.root --mode single --bound rel-sigma=1e-3

#include <ROOT/RVec.hxx>
#include <TFile.h>
#include <TRandom3.h>
#include <TTree.h>

#include <string>
#include <vector>

void sparse(const char *outName)
{
   constexpr int kBranches = 20, kEntries = 200000, kOneIn = 50, kZstd = 505;
   TFile out(outName, "RECREATE", "", kZstd);
   TTree tree("t", "collections that are nearly always empty");
   std::vector<ROOT::RVec<float>> collections(kBranches);
   for (int i = 0; i < kBranches; ++i)
      tree.Branch(("v" + std::to_string(i)).c_str(), &collections[i]);
   TRandom3 random(1);
   for (int entry = 0; entry < kEntries; ++entry) {
      for (auto &collection : collections) {
         collection.clear();
         if (random.Integer(kOneIn) == 0)
            for (int n = 1 + random.Poisson(1); n > 0; --n)
               collection.push_back(random.Gaus());
      }
      tree.Fill();
   }
   tree.Write();
}
