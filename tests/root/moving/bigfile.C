// A file whose positions need 64 bits: the first baskets are at its beginning, the others behind a hole of 5 GB that
// takes no space on the disk.
#include "../data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TFree.h>
#include <TList.h>
#include <TTree.h>

void bigfile(std::string path, std::string model, std::string mode)
{
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
   TTree tree("t", "test");
   auto codec = RootBaler::Codec::FromModelFile(model);
   codec.SetMode(mode);
   codec.Attach(&tree);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str())
                  : tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str());
   for (Long64_t i = 0; i < kEntries; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      tree.Fill();
      if (i == 4000) {
         tree.GetBranch("c0")->FlushBaskets();
         auto *rest = static_cast<TFree *>(file.GetListOfFree()->Last());
         rest->SetFirst(5000000000);
         rest->SetLast(9000000000);
         file.SetEND(5000000000);
      }
   }
   tree.Write();
   Require(file.GetEND() > 5000000000 && tree.GetBranch("c4")->GetBasketSeek(0) > 5000000000, "the file is large");
   file.Close();
   gSystem->Exit(0);
}
