// A program of its own, without macros and interpreter: fills a tree and writes it with RootBaler.
#include "hits.h"

#include <RootBaler/Codec.h>

#include <TFile.h>
#include <TTree.h>

#include <cstdio>
#include <exception>
#include <memory>

int main(int argc, char **argv)
{
   if (argc < 2) {
      std::fprintf(stderr, "usage: %s OUTPUT.root [MODEL]\n", argv[0]);
      return 2;
   }
   try {
      std::unique_ptr<TFile> file{TFile::Open(argv[1], "RECREATE")};
      if (!file)
         return 1; // ROOT has said why
      Hit hit;
      auto *tree = new TTree("hits", "made-up hits"); // the file owns it
      tree->Branch("channel", &hit.fChannel);
      tree->Branch("time", &hit.fTime);
      tree->Branch("energy", &hit.fEnergy);

      RootBaler::Codec codec;
      if (argc > 2)
         codec.AddModelFile(argv[2]);
      codec.SetBound("*", kBoundText);
      codec.Attach(tree);
      for (auto *branch : *tree->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(RootBaler::Setting());

      for (int i = 0; i < kHits; ++i) {
         hit = MakeHit(i);
         tree->Fill();
      }
      file->Write();
      std::printf("%lld bytes became %lld\n", tree->GetTotBytes(), tree->GetZipBytes());
   } catch (const std::exception &error) {
      std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
      return 1;
   }
   return 0;
}
