// TTree::Scan into a file, whose lines are read back.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>
#include <TTreePlayer.h>
#include <fstream>
#include <sstream>

void scan(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   auto *player = static_cast<TTreePlayer *>(tree->GetPlayer());
   player->SetScanRedirect(true);
   player->SetScanFileName("scan.txt");
   tree->SetScanField(0);
   tree->Scan("number:c0:c3:c5", "", "colsize=25 precision=15");
   std::ifstream lines("scan.txt");
   std::string line;
   Long64_t rows = 0;
   while (std::getline(lines, line)) {
      std::istringstream words(line);
      char star;
      Long64_t row;
      double number, c0, c3, c5;
      if (!(words >> star >> row >> star >> number >> star >> c0 >> star >> c3 >> star >> c5))
         continue; // a headline
      Require(row == rows++ && EntryOf(int(number)) == row, "Scan prints all entries");
      RequireClose(c0, 0, row, "Scan");
      RequireClose(c3, 3, row, "Scan");
      RequireClose(c5, 5, row, "Scan");
   }
   Require(rows == kEntries, "Scan prints all entries");
   gSystem->Exit(0);
}
