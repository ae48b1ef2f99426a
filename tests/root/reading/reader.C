// TTreeReader: values and arrays, in order, from anywhere, and a range of entries.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>
#include <TTreeReader.h>
#include <TTreeReaderArray.h>
#include <TTreeReaderValue.h>

void reader(std::string path)
{
   TFile file(path.c_str());
   TTreeReader reader("t", &file);
   TTreeReaderValue<float> c0(reader, "c0"), c4(reader, "c4");
   TTreeReaderValue<double> c2(reader, "c2"), c5(reader, "c5");
   TTreeReaderArray<float> counted(reader, "counted"), fixed(reader, "fixed"), jagged(reader, "jagged");
   auto check = [&](Long64_t i) {
      RequireClose(*c5, 5, i, "TTreeReader"); // the one that needs others first
      RequireClose(*c4, 4, i, "TTreeReader");
      RequireClose(*c2, 2, i, "TTreeReader");
      RequireClose(*c0, 0, i, "TTreeReader");
      const int n = Elements(i);
      Require(int(counted.GetSize()) == n && int(jagged.GetSize()) == n && fixed.GetSize() == 3, "sizes of arrays");
      for (int k = 0; k < n; ++k)
         Require(counted[k] == Counted(i, k) && jagged[k] == float(i), "elements of arrays");
      for (int k = 0; k < 3; ++k)
         Require(fixed[k] == Fixed(i, k), "elements of a fixed array");
   };
   Long64_t i = 0;
   while (reader.Next())
      check(i++);
   Require(i == kEntries, "Next() reads all entries");
   for (Long64_t k = 0; k < 200; ++k) {
      const Long64_t entry = (k * 7919) % kEntries;
      Require(reader.SetEntry(entry) == TTreeReader::kEntryValid, "SetEntry");
      check(entry);
   }
   Require(reader.SetEntriesRange(7000, 7100) == TTreeReader::kEntryValid, "SetEntriesRange");
   for (i = 7000; reader.Next(); ++i)
      check(i);
   Require(i == 7100, "a range of entries");
   gSystem->Exit(0);
}
