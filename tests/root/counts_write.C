// Writes arrays whose blocks take the numbers of elements from counters of several types, or cannot. how: "reference"
// (ROOT's zstd), or "ours"; with "+plain" (counters stored by ROOT), "+late" (counters filled after all else), "+false"
// (counters that sometimes contradict their arrays), "+imt".
#include "data.h"
#include <Math/Vector3D.h>
#include <RootBaler/Setting.h>
#include <TClonesArray.h>
#include <TFile.h>
#include <TLeafB.h>
#include <TLeafI.h>
#include <TLeafL.h>
#include <TLeafS.h>
#include <TParameter.h>
#include <TROOT.h>
#include <TTree.h>

constexpr int kMost = 9;

void counts_write(std::string path, std::string how)
{
   auto option = [&](const char *name) { return how.find(name) != std::string::npos; };
   if (option("+imt"))
      ROOT::EnableImplicitMT(2);
   const bool isOurs = !option("reference");
   if (isOurs)
      gSystem->Load("libRootBaler");
   TFile file(path.c_str(), "RECREATE", "", isOurs ? RootBaler::Setting(5) : 505);
   TTree tree("k", "counters");
   UChar_t nb;
   Short_t ns;
   UInt_t nu;
   Long64_t nl;
   float b[kMost], s[kMost][2], flat[kMost];
   double u[kMost];
   Int_t l[kMost];
   std::vector<ROOT::Math::XYZVector> vectors;
   TClonesArray clones("TParameter<float>");
   clones.BypassStreamer(false);
   auto *clonesAt = &clones;
   int size = 700;
   auto add = [&](const char *name, void *address, const char *leaves) {
      tree.Branch(name, address, leaves, size = (size * 7 + 1013) % 9000 + 400);
   };
   add("nb", &nb, "nb/b");
   add("b", b, "b[nb]/F");
   add("ns", &ns, "ns/S");
   add("s", s, "s[ns][2]/F");
   add("nu", &nu, "nu/i");
   add("u", u, "u[nu]/D");
   add("nl", &nl, "nl/L");
   add("l", l, "l[nl]/I");
   add("flat", flat, "flat[nl]/F");
   tree.Branch("vectors", &vectors, 5000, 99);
   tree.Branch("clones", &clonesAt, 5000, 99);
   for (const char *name : {"nb", "ns", "nu", "nl", "vectors", "clones"})
      if (isOurs && option("+plain"))
         static_cast<TBranch *>(tree.GetListOfBranches()->FindObject(name))->SetCompressionSettings(505);
   auto count = [](Long64_t e, int what) {
      return int((std::uint64_t(e * 8 + what) * 2654435761u >> 9) % (kMost + 1));
   };
   auto setCounts = [&](Long64_t e) {
      nb = UChar_t(count(e, 0));
      ns = Short_t(e % 1000 < 300 ? 0 : count(e, 1));
      nu = UInt_t(count(e, 2));
      nl = Long64_t(count(e, 3));
   };
   if (option("+late")) { // ROOT learns the most when it fills them
      static_cast<TLeafB *>(tree.GetLeaf("nb"))->SetMaximum(kMost);
      static_cast<TLeafS *>(tree.GetLeaf("ns"))->SetMaximum(kMost);
      static_cast<TLeafI *>(tree.GetLeaf("nu"))->SetMaximum(kMost);
      static_cast<TLeafL *>(tree.GetLeaf("nl"))->SetMaximum(kMost);
   }
   const auto isCounter = [](const TBranch &branch) { return branch.GetName()[0] == 'n'; };
   for (Long64_t e = 0; e < 6000; ++e) {
      setCounts(e);
      for (int k = 0; k < kMost; ++k) {
         b[k] = float(Value(0, e) + k);
         u[k] = Value(2, e) * k;
         s[k][0] = s[k][1] = float(Value(1, e) - k);
         l[k] = int(e) * k;
         flat[k] = 1.5f;
      }
      vectors.assign(count(e, 4), ROOT::Math::XYZVector(Value(0, e), 1, 2));
      clones.Clear();
      for (int k = 0; k < count(e, 5); ++k)
         new (clones[k]) TParameter<float>("", float(Value(k, e)));
      if (option("+late") || option("+false")) {
         for (TObject *object : *tree.GetListOfBranches()) {
            auto &branch = *static_cast<TBranch *>(object);
            if (!isCounter(branch))
               branch.Fill();
            else if (option("+false")) {
               const Short_t was = ns;
               ns = e % 500 == 77 ? Short_t((was + 1) % kMost) : was;
               branch.Fill();
               ns = was;
            }
         }
         tree.SetEntries(e + 1);
      } else {
         tree.Fill();
      }
      if (e == 2500 && !option("+late"))
         tree.FlushBaskets();
   }
   if (option("+late"))
      for (Long64_t e = 0; e < 6000; ++e) {
         setCounts(e);
         for (TObject *object : *tree.GetListOfBranches())
            if (isCounter(*static_cast<TBranch *>(object)))
               static_cast<TBranch *>(object)->Fill();
      }
   tree.Write();
   file.Close();
   gSystem->Exit(0);
}
