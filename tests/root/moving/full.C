// Fills a tree on a disk that gets full: a program that goes on must be told, and must not crash.
#include "../filled.h"
#include <TFile.h>
#include <csignal>

void full(std::string path, std::string models, std::string mode)
{
   std::signal(SIGXFSZ, SIG_IGN); // the limit on the file's size then looks like a full disk
   TFile file(path.c_str(), "RECREATE");
   TTree tree("t", "test");
   Filled filled(tree, models, mode, [](int) { return 7000; });
   int failed = 0;
   for (Long64_t i = 0; i < 60000 && failed < 100; ++i) {
      failed += filled.Fill(i) < 0;
      if (i == 3999)
         tree.AutoSave("SaveSelf");
   }
   Require(failed > 0, "Fill() tells that the disk is full");
   std::printf("full.C: Fill() failed\n");
   gSystem->Exit(0);
}
