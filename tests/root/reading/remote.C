// Reads through a server: without a cache, with one, and with one that fetches ahead in a thread of its own (ROOT does
// that for remote files only).
#include "tree.h"
#include <TEnv.h>
#include <TFile.h>
#include <TTree.h>
#include <TTreeCache.h>
#include <TWebFile.h>
#include <memory>

#if ROOT_VERSION_CODE < ROOT_VERSION(6, 40, 0) // where it moved to
namespace ROOT::Deprecated {
using ::TWebFile;
}
#endif

std::unique_ptr<TFile> Open(const std::string &url)
{
   // ROOT 6.40 from PyPI has no Davix, and its TFile::Open does not find the constructor of TWebFile.
   if (url.rfind("http:", 0) == 0)
      return std::make_unique<ROOT::Deprecated::TWebFile>(url.c_str());
   return std::unique_ptr<TFile>(TFile::Open(url.c_str()));
}

void ReadAll(const std::string &url, Long64_t cacheSize, bool prefetch)
{
   gEnv->SetValue("TFile.AsyncPrefetching", int(prefetch));
   auto file = Open(url);
   Require(file && !file->IsZombie(), "the file can be opened");
   auto *tree = file->Get<TTree>("t");
   tree->SetCacheSize(cacheSize);
   float c4;
   double c5;
   tree->SetBranchStatus("*", false);
   tree->SetBranchStatus("c4", true);
   tree->SetBranchStatus("c5", true);
   tree->SetBranchAddress("c4", &c4);
   tree->SetBranchAddress("c5", &c5);
   for (Long64_t i = 0; i < kEntries; ++i) {
      Require(tree->GetEntry(i) == 12, "GetEntry");
      RequireClose(c4, 4, i, "remote file");
      RequireClose(c5, 5, i, "remote file");
   }
   auto *cache = tree->GetReadCache(file.get());
   Require(cacheSize == 0 ? !cache : cache && cache->IsEnablePrefetching() == prefetch, "the cache was used");
}

void remote(std::string url)
{
   ReadAll(url, 0, false);
   ReadAll(url, 10000000, false);
   ReadAll(url, 50000, true);
   ReadAll(url, 10000000, true);
   gSystem->Exit(0);
}
