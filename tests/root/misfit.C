// A codec whose model has none of the tree's branches says so, once; one with a single branch of it says nothing.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

void Write(const std::string &path, const std::string &model, const char *second)
{
   TFile file(path.c_str(), "RECREATE");
   TTree tree("t", "test");
   RootBaler::Codec::FromModelFile(model).Attach(&tree);
   float x = 0, y = 0;
   for (const auto &[name, value] : {std::pair{"x", &x}, std::pair{second, &y}})
      tree.Branch(name, value)->SetCompressionSettings(RootBaler::Setting());
   tree.SetAutoFlush(1000);
   for (int i = 0; i < 3000; ++i) {
      x = y = i;
      tree.Fill();
   }
   tree.Write();
}

void misfit(std::string model, std::string path)
{
   Write(path, model, "y");
   Write(path, model, "c0");
   gSystem->Exit(0);
}
