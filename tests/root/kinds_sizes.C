// Compares branch by branch. "ordinary": no branch may be larger than in the reference file, which has ROOT's zstd and
// the same baskets, by more than a block's header in each basket. "group": branches that follow from others must be
// smaller than in the other file, and together by a quarter.
#include "kinds.h"
#include <TFile.h>
#include <TTree.h>

void Compare(TObjArray &branches, TObjArray &others)
{
   for (int i = 0; i < branches.GetEntriesFast(); ++i) {
      auto *branch = static_cast<TBranch *>(branches[i]);
      auto *other = static_cast<TBranch *>(others[i]);
      const Long64_t allowed = other->GetZipBytes() + 5 * (other->GetWriteBasket() + 1);
      Require(branch->GetZipBytes() <= allowed, std::string(branch->GetName()) + " has " +
                                                   std::to_string(branch->GetZipBytes()) + " bytes, ROOT's zstd " +
                                                   std::to_string(other->GetZipBytes()));
      Compare(*branch->GetListOfBranches(), *other->GetListOfBranches());
   }
}

void kinds_sizes(std::string path, std::string other, std::string what)
{
   TFile file(path.c_str()), otherFile(other.c_str());
   auto *tree = file.Get<TTree>("k");
   auto *otherTree = otherFile.Get<TTree>("k");
   if (what == "ordinary") {
      Compare(*tree->GetListOfBranches(), *otherTree->GetListOfBranches());
      for (const char *name : {"i", "us", "l", "f", "array", "grid", "list", "Jet_pt", "Jet_vec", "Jet_flag", "Mu_pt",
                               "marker.fMarkerSize", "vectors.fCoordinates.fX", "vector.fCoordinates.fX", "floats",
                               "ints", "rvec", "f16",
                               "f16bits", "f16range", "f16array", "d32", "d32plain", "d32bits", "d32array", "Jet_f16",
                               "Jet_d32", "fShort", "fShortBits", "fShortRange", "fPlain", "fBits", "fRange",
                               "fFloats[3]", "fInts[2][2]", "fRanges[2]"})
         Require(tree->GetBranch(name)->GetZipBytes() < 0.95 * otherTree->GetBranch(name)->GetZipBytes(),
                 std::string(name) + " gains");
   } else {
      Long64_t all = 0, otherAll = 0;
      for (const char *name : {"Jet_pt", "Jet_eta", "Jet_mass", "Jet_q"}) {
         const Long64_t bytes = tree->GetBranch(name)->GetZipBytes(), other = otherTree->GetBranch(name)->GetZipBytes();
         Require(bytes < other, std::string(name) + " gains from the other branches");
         all += bytes;
         otherAll += other;
      }
      Require(all < 0.75 * otherAll, "together they gain");
   }
   gSystem->Exit(0);
}
