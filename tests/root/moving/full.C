// Fills a tree on a disk that gets full: a program that goes on must be told, and must not crash.
#include "../data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>
#include <csignal>

void full(std::string path, std::string model, std::string mode)
{
   std::signal(SIGXFSZ, SIG_IGN); // the limit on the file's size then looks like a full disk
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
   int failed = 0;
   for (Long64_t i = 0; i < 60000 && failed < 100; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      failed += tree.Fill() < 0;
      if (i == 7999)
         tree.AutoSave("SaveSelf");
   }
   Require(failed > 0, "Fill() tells that the disk is full");
   std::printf("full.C: Fill() failed\n");
   gSystem->Exit(0);
}
