// Fills with an AutoSave of every 4000 entries, and is killed in the middle of it.
#include "../filled.h"
#include <TFile.h>
#include <csignal>

void die(std::string path, std::string models, std::string mode, std::string option)
{
   TFile file(path.c_str(), "RECREATE");
   TTree tree("t", "test");
   Filled filled(tree, models, mode, [](int column) { return 5000 + 4000 * (column % 2); });
   for (Long64_t i = 0; i < 15000; ++i) {
      filled.Fill(i);
      if (i % 4000 == 3999)
         tree.AutoSave(option.c_str());
   }
   std::raise(SIGKILL);
}
