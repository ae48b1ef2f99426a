// Takes the codecs out of the keys of a file.
#include "../data.h"
#include <TFile.h>

void forget(std::string path)
{
   TFile file(path.c_str(), "UPDATE");
   file.Delete("RootBalerCodec_*;*");
   file.Close();
   gSystem->Exit(0);
}
