// TFileMerger: all at once, and one after the other into an existing file. As any program would use it.
#include "../data.h"
#include <TFile.h>
#include <TFileMerger.h>

void Merge(std::string to, std::string first, std::string second, bool incremental)
{
   TFileMerger merger(false);
   merger.SetPrintLevel(0);
   const int setting = TFile(first.c_str()).GetCompressionSettings();
   if (!incremental) {
      Require(merger.OutputFile(to.c_str(), "RECREATE", setting), "the output opens");
      Require(merger.AddFile(first.c_str()) && merger.AddFile(second.c_str()) && merger.Merge(), "Merge");
   } else {
      Require(merger.OutputFile(to.c_str(), "RECREATE", setting), "the output opens");
      for (auto &path : {first, second}) {
         Require(merger.AddFile(path.c_str()), "AddFile");
         Require(merger.PartialMerge(TFileMerger::kAllIncremental), "PartialMerge");
      }
   }
}

void filemerger(std::string to, std::string first, std::string second, bool incremental)
{
   Merge(to, first, second, incremental);
   gSystem->Exit(0);
}
