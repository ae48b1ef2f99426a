// Compares a tree with the trees it was made of (separated by commas, one after the other): every leaf of basic type
// bit by bit, and the vector. byNumber: entries may come in any order, and `number` tells which they are; else their
// number must be the same. skip: a branch that the result must not have; differs: one that is not compared.
#include "data.h"
#include <TChain.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>
#include <sstream>
#include <vector>

void same(std::string result, std::string sources, bool byNumber = false, std::string skip = "",
          std::string differs = "")
{
   TFile file(result.c_str());
   auto *tree = file.IsZombie() ? nullptr : file.Get<TTree>("t");
   Require(tree, "the tree can be read");
   TChain chain("t");
   std::istringstream list(sources);
   for (std::string path; std::getline(list, path, ',');)
      chain.Add(path.c_str());
   const Long64_t entries = tree->GetEntries();
   Require(entries > 0 && (byNumber ? entries <= chain.GetEntries() : entries == chain.GetEntries()),
           "the result has " + std::to_string(entries) + " entries");
   std::vector<float> jagged, *jaggedAt = &jagged, trueJagged, *trueJaggedAt = &trueJagged;
   if (tree->GetBranch("jagged")) {
      tree->SetBranchAddress("jagged", &jaggedAt);
      chain.SetBranchAddress("jagged", &trueJaggedAt);
   }
   int compared = 0, part = -1;
   std::vector<std::pair<TLeaf *, TLeaf *>> leaves;
   for (Long64_t i = 0; i < entries; ++i) {
      Require(tree->GetEntry(i) > 0, "entry " + std::to_string(i) + " can be read");
      const Long64_t from = byNumber ? Long64_t(tree->GetLeaf("number")->GetValue()) / 7 : i;
      Require(chain.GetEntry(from) > 0, "the source can be read");
      if (chain.GetTreeNumber() != part) {
         part = chain.GetTreeNumber();
         leaves.clear();
         for (auto *object : *chain.GetTree()->GetListOfLeaves()) {
            auto *truth = static_cast<TLeaf *>(object);
            if (truth->InheritsFrom("TLeafElement") || truth->GetName() == skip || truth->GetName() == differs)
               continue;
            leaves.emplace_back(tree->GetLeaf(truth->GetBranch()->GetName(), truth->GetName()), truth);
            Require(leaves.back().first, "the result has " + std::string(truth->GetName()));
         }
      }
      for (auto &[leaf, truth] : leaves) {
         Require(leaf->GetLen() == truth->GetLen() && std::memcmp(leaf->GetValuePointer(), truth->GetValuePointer(),
                                                                  leaf->GetLen() * leaf->GetLenType()) == 0,
                 std::string(leaf->GetName()) + " of entry " + std::to_string(i) + " is not that of entry " +
                    std::to_string(from));
         ++compared;
      }
      Require(jagged == trueJagged, "jagged of entry " + std::to_string(i));
   }
   Require(compared >= 5 * entries, "branches were compared");
   Require(skip.empty() || !tree->GetBranch(skip.c_str()), "the result does not have " + skip);
   std::printf("same.C: %s is %s: %d values\n", result.c_str(), sources.c_str(), compared);
   gSystem->Exit(0);
}
