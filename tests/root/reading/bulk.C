// TBranch::GetBulkRead: whole baskets, as values and as they are serialised.
#include "tree.h"
#include <Bytes.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TFile.h>
#include <TTree.h>

template <typename T>
void Read(TTree &tree, int column, bool serialized)
{
   TBranch *branch = tree.GetBranch(Name(column).c_str());
   Require(branch->GetBulkRead().SupportsBulkRead(), "the branch can be read in bulk");
   TBufferFile buffer(TBuffer::kWrite, 10000);
   Long64_t i = 0;
   while (i < kEntries) {
      const Int_t count = serialized ? branch->GetBulkRead().GetEntriesSerialized(i, buffer)
                                     : branch->GetBulkRead().GetBulkEntries(i, buffer);
      Require(count > 0, "a bulk read gives entries");
      char *from = buffer.GetCurrent();
      for (Int_t k = 0; k < count; ++k, ++i) {
         T value;
         if (serialized)
            frombuf(from, &value);
         else
            std::memcpy(&value, from + k * sizeof(T), sizeof(T));
         RequireClose(value, column, i, serialized ? "serialised bulk read" : "bulk read");
      }
   }
}

void bulk(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   for (bool serialized : {false, true})
      for (int c = kColumns - 1; c >= 0; --c)
         IsDouble(c) ? Read<double>(*tree, c, serialized) : Read<float>(*tree, c, serialized);
   gSystem->Exit(0);
}
