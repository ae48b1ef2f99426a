#include "names.h"

#include <RootBaler/Codec.h>
#include <TFile.h>

R__LOAD_LIBRARY(libRootBaler)

void names_write(const char *path)
{
   TFile file(path, "RECREATE");
   TTree tree("t", "");
   Names::Event event;
   const std::string counter = Names::kCounter, array = Names::kArray, scalar = Names::kScalar;
   tree.Branch(counter.c_str(), &event.fN, (counter + "/I").c_str());
   tree.Branch(array.c_str(), event.fArray, (array + "[" + counter + "]/F").c_str());
   tree.Branch(scalar.c_str(), &event.fScalar, (scalar + "/F").c_str());
   RootBaler::Codec codec;
   codec.SetBound("*", "abs=0.01");
   codec.SetBound("y\xe4*", "abs=0.001"); // a pattern, too
   codec.Attach(&tree);
   Require(RootBaler::Codec::Of(&tree)->GetBound(array) == "abs=0.01", "the bound of a pattern");
   Require(RootBaler::Codec::Of(&tree)->GetBound(scalar) == "abs=0.001", "the bound of a pattern of such bytes");
   Require(codec.ForBranches({array, scalar}).GetBound(array) == "abs=0.01", "a codec for fewer branches");
   for (TObject *branch : *tree.GetListOfBranches())
      static_cast<TBranch *>(branch)->SetCompressionSettings(RootBaler::Setting());
   for (int entry = 0; entry < Names::kEntries; ++entry) {
      event.Fill(entry);
      tree.Fill();
   }
   file.Write();
}
