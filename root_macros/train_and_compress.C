/// \file train_and_compress.C
/// Compression by hand of a tree that is there: train a model on it, then copy it with a codec attached to the copy.
/// For a new tree see write_compressed.C.
///
///     . build/env.sh
///     root -l -b -q 'train_and_compress.C("Higgs_data.root", "sig_tree", "small.root", "higgs.model")'
///
/// The model is trained if there is no such file yet: once serves all files of a kind. An output that is there is not
/// replaced.

#include <RootBaler/Codec.h>

#include <TFile.h>
#include <TROOT.h>
#include <TSystem.h>
#include <TTree.h>

#include <iostream>
#include <memory>
#include <stdexcept>

R__LOAD_LIBRARY(libRootBaler)

int train_and_compress(const char *input = "Higgs_data.root", const char *treeName = "sig_tree",
                       const char *output = "small.root", const char *model = "higgs.model",
                       const char *bound = "rel-sigma=1e-3")
{
   try {
      if (!gSystem->AccessPathName(output)) // true if there is none
         throw std::runtime_error(Form("%s exists: name another file, or remove it", output));
      // In a process of its own, so that this one stays free of libtorch.
      if (gSystem->AccessPathName(model) && gSystem->Exec(Form("rootbaler train '%s' --tree '%s' --bound '%s' -o '%s'",
                                                               input, treeName, bound, model)) != 0)
         throw std::runtime_error("training failed, see above");

      std::unique_ptr<TFile> in{TFile::Open(input)};
      auto *tree = in ? in->Get<TTree>(treeName) : nullptr;
      if (!tree)
         throw std::runtime_error(Form("%s has no tree %s", input, treeName));

      std::unique_ptr<TFile> out{TFile::Open(output, "CREATE")};
      if (!out)
         throw std::runtime_error(Form("%s cannot be written", output));
      auto *copy = tree->CloneTree(0);
      RootBaler::Codec::FromModelFile(model).Attach(copy);
      for (auto *branch : *copy->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(RootBaler::Setting());

      for (Long64_t entry = 0; tree->GetEntry(entry) > 0; ++entry)
         copy->Fill();
      out->Write();
      std::cout << treeName << ": " << copy->GetTotBytes() << " bytes became " << copy->GetZipBytes() << '\n';
   } catch (const std::exception &error) {
      std::cerr << "train_and_compress.C: " << error.what() << '\n';
      if (gROOT->IsBatch())
         gSystem->Exit(1); // ROOT itself would return 0
      return 1;
   }
   return 0;
}
