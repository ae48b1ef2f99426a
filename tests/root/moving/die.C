// Fills with an AutoSave of every 4000 entries, and is killed in the middle of it.
#include "../data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>
#include <csignal>

void die(std::string path, std::string model, std::string mode, std::string option)
{
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
   TTree tree("t", "test");
   auto codec = RootBaler::Codec::FromModelFile(model);
   codec.SetMode(mode);
   codec.Attach(&tree);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str(), 9000)
                  : tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str(), 5000);
   for (Long64_t i = 0; i < 15000; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      tree.Fill();
      if (i % 4000 == 3999)
         tree.AutoSave(option.c_str());
   }
   std::raise(SIGKILL);
}
