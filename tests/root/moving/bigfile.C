// A file whose positions need 64 bits: the first baskets are at its beginning, the others behind a hole of 5 GB that
// takes no space on the disk.
#include "../filled.h"
#include <TFile.h>
#include <TFree.h>
#include <TList.h>

void bigfile(std::string path, std::string models, std::string mode)
{
   TFile file(path.c_str(), "RECREATE");
   {
      TTree tree("t", "test");
      Filled filled(tree, models, mode);
      for (Long64_t i = 0; i < kEntries; ++i) {
         filled.Fill(i);
         if (i == 4000) {
            tree.GetBranch("c0")->FlushBaskets();
            auto *rest = static_cast<TFree *>(file.GetListOfFree()->Last());
            rest->SetFirst(5000000000);
            rest->SetLast(9000000000);
            file.SetEND(5000000000);
         }
      }
      tree.Write();
      Require(file.GetEND() > 5000000000 && tree.GetBranch("c5")->GetBasketSeek(3) > 5000000000, "the file is large");
   }
   gSystem->Exit(0);
}
