/// \file columns.h
/// The floating-point leaves of a tree and their values, whatever the tree is. Used by the macros beside it.
#ifndef ROOTBALER_MACROS_COLUMNS_H
#define ROOTBALER_MACROS_COLUMNS_H

#include <TBranch.h>
#include <TCollection.h>
#include <TFile.h>
#include <TKey.h>
#include <TLeaf.h>
#include <TObjArray.h>
#include <TROOT.h>
#include <TString.h>
#include <TSystem.h>
#include <TTree.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace Columns {

/// Says what went wrong. A batch job ends here with an exit code that scripts see; ROOT itself would return 0.
inline int Fail(const char *macro, const std::exception &error)
{
   std::cerr << macro << ": " << error.what() << '\n';
   if (gROOT->IsBatch())
      gSystem->Exit(1);
   return 1;
}

/// Opens a file for reading, or throws a line that names it.
inline std::unique_ptr<TFile> Open(const char *path)
{
   std::unique_ptr<TFile> file{TFile::Open(path, "READ")};
   if (!file || file->IsZombie())
      throw std::runtime_error(std::string(path) + " is not a readable ROOT file");
   return file;
}

/// The trees at the top of a file, the newest cycle of each, in the file's order.
inline std::vector<TTree *> Trees(TFile &file)
{
   std::vector<TTree *> trees;
   std::vector<std::string> seen;
   for (auto *object : *file.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(object);
      if (TString(key->GetClassName()) != "TTree" || std::count(seen.begin(), seen.end(), key->GetName()))
         continue;
      seen.emplace_back(key->GetName());
      if (auto *tree = file.Get<TTree>(key->GetName()))
         trees.push_back(tree);
   }
   return trees;
}

/// The leaves of type float or double, scalars and arrays.
inline std::vector<TLeaf *> FloatLeaves(TTree &tree)
{
   std::vector<TLeaf *> leaves;
   for (auto *object : *tree.GetListOfLeaves()) {
      auto *leaf = static_cast<TLeaf *>(object);
      const TString type = leaf->GetTypeName();
      if (type == "Float_t" || type == "Double_t")
         leaves.push_back(leaf);
   }
   return leaves;
}

/// A leaf's name for people: the branch's, and the leaf's too where they differ.
inline TString Name(const TLeaf &leaf)
{
   const TString branch = leaf.GetBranch()->GetName();
   return leaf.GetBranch()->GetNleaves() == 1 ? branch : branch + "." + leaf.GetName();
}

/// The same name, fit for a file or a histogram.
inline TString SafeName(TString name)
{
   for (const char *odd : {"/", " ", "[", "]", "(", ")", "-", "."})
      name.ReplaceAll(odd, "_");
   return name;
}

/// Calls visit(value) for all values of a leaf in the first `entries` entries. Names with a minus or a dot in them are
/// fine here, where TTree::Draw would take them for formulas.
template <typename Visit>
void ForEach(TLeaf &leaf, Long64_t entries, Visit visit)
{
   auto *branch = leaf.GetBranch();
   for (Long64_t entry = 0; entry < entries; ++entry) {
      if (branch->GetEntry(entry) < 0)
         throw std::runtime_error(Form("branch %s cannot be read at entry %lld", branch->GetName(), entry));
      for (Int_t i = 0, n = leaf.GetLen(); i < n; ++i)
         visit(leaf.GetValue(i));
   }
}

/// Calls visit(a, b) for all values of the same leaf in two trees.
template <typename Visit>
void ForEachPair(TLeaf &before, TLeaf &after, Long64_t entries, Visit visit)
{
   auto *first = before.GetBranch(), *second = after.GetBranch();
   for (Long64_t entry = 0; entry < entries; ++entry) {
      if (first->GetEntry(entry) < 0 || second->GetEntry(entry) < 0)
         throw std::runtime_error(Form("branch %s cannot be read at entry %lld", first->GetName(), entry));
      if (before.GetLen() != after.GetLen())
         throw std::runtime_error(Form("branch %s has %d values before and %d after at entry %lld", first->GetName(),
                                       before.GetLen(), after.GetLen(), entry));
      for (Int_t i = 0, n = before.GetLen(); i < n; ++i)
         visit(before.GetValue(i), after.GetValue(i));
   }
}

} // namespace Columns

#endif
