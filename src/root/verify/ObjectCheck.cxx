#include "verify/ObjectCheck.h"

#include <TBranchElement.h>
#include <TBranchObject.h>
#include <TBufferFile.h>
#include <TClass.h>
#include <TFile.h>
#include <TLeafC.h>
#include <TLeafObject.h>
#include <TTree.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

/// The content of one entry of a branch as bytes that are equal if and only if the content is.
class EntryBytes {
public:
   EntryBytes(TBranch &branch, ErrorTrap &trap) : fBranch(branch), fTrap(trap) {}

   const std::vector<char> &Read(Long64_t entry)
   {
      if (fBranch.GetEntry(entry, 1) < 0 || fTrap.HasError())
         Throw("cannot be read at entry " + std::to_string(entry) + ": get an intact copy of the file");
      fBytes.clear();
      if (fBranch.IsA() == TBranch::Class())
         TakeLeaves(fBranch);
      else
         TakeObject();
      return fBytes;
   }

private:
   void TakeLeaves(TBranch &branch)
   {
      for (TObject *object : *branch.GetListOfLeaves()) {
         const auto *leaf = static_cast<const TLeaf *>(object);
         const auto *values = static_cast<const char *>(leaf->GetValuePointer());
         std::size_t size = static_cast<std::size_t>(std::max(leaf->GetLen(), 0)) *
                            static_cast<std::size_t>(leaf->GetLenType());
         // behind a string's end stands what earlier entries left there
         if (leaf->IsA() == TLeafC::Class())
            size = values ? std::strlen(values) : 0;
         if (values)
            fBytes.insert(fBytes.end(), values, values + size);
         fBytes.push_back('\0');
      }
      for (TObject *sub : *branch.GetListOfBranches())
         TakeLeaves(*static_cast<TBranch *>(sub));
   }

   void TakeObject()
   {
      void *object = nullptr;
      TClass *cl = nullptr;
      if (auto *element = dynamic_cast<TBranchElement *>(&fBranch)) {
         object = element->GetObject();
         cl = TClass::GetClass(element->GetClassName());
      } else if (auto *old = dynamic_cast<TBranchObject *>(&fBranch)) {
         const auto *leaf = static_cast<const TLeafObject *>(old->GetListOfLeaves()->At(0));
         object = leaf ? leaf->GetObject() : nullptr;
         cl = TClass::GetClass(old->GetClassName());
      }
      if (!object || !cl)
         Throw(std::string("holds objects of class ") + fBranch.GetClassName() +
               " that cannot be read: load the library with its dictionary");
      TBufferFile buffer(TBuffer::kWrite);
      cl->Streamer(object, buffer);
      fBytes.assign(buffer.Buffer(), buffer.Buffer() + buffer.Length());
   }

   [[noreturn]] void Throw(const std::string &what) const
   {
      const TFile *file = fBranch.GetTree()->GetCurrentFile();
      fTrap.Throw(EStatus::kCorrupt, std::string("branch '") + fBranch.GetName() + "' of tree '" +
                                        fBranch.GetTree()->GetName() + "' in '" + (file ? file->GetName() : "") +
                                        "' " + what);
   }

   TBranch &fBranch;
   ErrorTrap &fTrap;
   std::vector<char> fBytes;
};

} // namespace

void CheckObjects(TBranch &before, TBranch &after, BranchCheck &check, ErrorTrap &trap)
{
   EntryBytes one(before, trap);
   EntryBytes other(after, trap);
   const Long64_t entries = before.GetTree()->GetEntries();
   for (Long64_t entry = 0; entry < entries; ++entry) {
      if (one.Read(entry) != other.Read(entry) && check.fViolations++ == 0)
         check.fFirstViolation = entry;
   }
   check.fValues = static_cast<std::uint64_t>(entries);
}

} // namespace Internal
} // namespace RootBaler
