// Compares the decoded bytes of the baskets of jagged branches with those of a reference that has the same baskets.
#include "kinds.h"
#include <Bytes.h>
#include <TBasket.h>
#include <TBranch.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>

template <typename T>
void Compare(const char *values, const char *expected, int bytes, double bound, const std::string &name)
{
   Require(bytes % sizeof(T) == 0, name + ": whole values");
   char *a = const_cast<char *>(values), *b = const_cast<char *>(expected);
   for (int i = 0; i < bytes; i += sizeof(T)) {
      T value, truth;
      frombuf(a, &value);
      frombuf(b, &truth);
      Require(std::abs(double(value) - double(truth)) <= bound, name + ": value " + std::to_string(i / sizeof(T)));
   }
}

void kinds_baskets(std::string path, std::string reference, double bound)
{
   TFile file(path.c_str()), referenceFile(reference.c_str());
   auto *tree = file.Get<TTree>("k");
   auto *expected = referenceFile.Get<TTree>("k");
   int compared = 0;
   for (std::string name : {"nJet", "Jet_pt", "Jet_mass", "Jet_q", "Jet_eta", "Jet_flag", "Jet_vec", "nMu", "Mu_pt"}) {
      TBranch *branch = tree->GetBranch(name.c_str()), *truth = expected->GetBranch(name.c_str());
      Require(branch->GetWriteBasket() == truth->GetWriteBasket(), name + ": the same baskets");
      for (int i = 0; i < branch->GetWriteBasket(); ++i) {
         TBasket *basket = branch->GetBasket(i), *other = truth->GetBasket(i);
         Require(basket && other && basket->GetObjlen() == other->GetObjlen(), name + ": baskets can be read");
         const char *values = basket->GetBufferRef()->Buffer() + basket->GetKeylen();
         const char *truths = other->GetBufferRef()->Buffer() + other->GetKeylen();
         const int bytes = basket->GetLast() - basket->GetKeylen();
         const std::string type = static_cast<TLeaf *>(branch->GetListOfLeaves()->At(0))->GetTypeName();
         if (type == "Float_t")
            Compare<float>(values, truths, bytes, bound, name);
         else if (type == "Double_t")
            Compare<double>(values, truths, bytes, bound, name);
         else
            Require(std::memcmp(values, truths, bytes) == 0, name + ": integers are the same");
         ++compared;
      }
   }
   Require(compared > 20, "there are baskets");
   gSystem->Exit(0);
}
