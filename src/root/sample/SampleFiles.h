// Files that values are taken from.
#ifndef ROOTBALER_TOOLS_SAMPLEFILES_H
#define ROOTBALER_TOOLS_SAMPLEFILES_H

#include "codec/BranchKind.h"
#include "support/ErrorTrap.h"
#include "support/OpenFile.h"

#include <TFile.h>
#include <TTree.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace RootBaler {
namespace Internal {

/// Files that stay open from sample to sample: reading a tree of thousands of branches takes a while.
class SampleFiles {
public:
   TFile &Open(const std::string &path)
   {
      std::unique_ptr<TFile> &file = fOpen[path];
      if (!file) {
         if (fOpen.size() > kMostOpen) {
            fNames.clear();
            fOpen.clear();
            return Open(path);
         }
         file = OpenForReading(path, fTrap);
      }
      return *file;
   }
   ErrorTrap &Trap() { return fTrap; }
   /// The names of a tree of an open file.
   const BranchNames &Names(TTree &tree) { return fNames.try_emplace(&tree, tree).first->second; }

private:
   static constexpr std::size_t kMostOpen = 16;

   ErrorTrap fTrap;
   std::map<std::string, std::unique_ptr<TFile>> fOpen;
   std::map<TTree *, BranchNames> fNames;
};

} // namespace Internal
} // namespace RootBaler

#endif
