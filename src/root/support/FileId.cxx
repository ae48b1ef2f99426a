#include "support/FileId.h"

#include <TCollection.h>
#include <TFile.h>
#include <TROOT.h>

#include <mutex>
#include <unordered_map>

namespace RootBaler {
namespace Internal {

namespace {

// Whoever has this lock takes no other one: ROOT calls RecursiveRemove() under its own.
class OpenFiles : public TObject {
public:
   std::uint64_t IdOf(const TObject &file)
   {
      std::lock_guard<std::mutex> lock(fMutex);
      const auto [known, isNew] = fIds.emplace(&file, fLast + 1);
      fLast += isNew;
      return known->second;
   }

   void RecursiveRemove(TObject *object) override // of everything that is deleted
   {
      std::lock_guard<std::mutex> lock(fMutex);
      fIds.erase(object);
   }

private:
   std::mutex fMutex;
   std::unordered_map<const TObject *, std::uint64_t> fIds;
   std::uint64_t fLast = 0;
};

OpenFiles &AllFiles()
{
   static auto *files = [] {
      auto *made = new OpenFiles; // outlives static destruction, as ROOT deletes files there
      made->SetBit(kMustCleanup);
      gROOT->GetListOfCleanups()->Add(made);
      return made;
   }();
   return *files;
}

// When the library is loaded: later, who calls us may hold locks that others wait for.
[[maybe_unused]] const OpenFiles &gFiles = AllFiles();

} // namespace

std::uint64_t FileId(TFile &file)
{
   if (!file.TestBit(kMustCleanup))
      file.SetBit(kMustCleanup);
   return AllFiles().IdOf(file);
}

} // namespace Internal
} // namespace RootBaler
