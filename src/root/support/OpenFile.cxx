#include "support/OpenFile.h"

#include <TClass.h>
#include <TDirectory.h>
#include <TList.h>
#include <TTree.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/stat.h>

namespace RootBaler {
namespace Internal {

namespace {

bool IsRemote(const std::string &path)
{
   return path.find("://") != std::string::npos;
}

// ROOT's own words for a missing or foreign file are several lines that name neither cause nor cure.
void CheckLocalFile(const std::string &path)
{
   const auto special = path.find_first_of("#?$");
   if (special != std::string::npos)
      throw Error(EStatus::kBadArgument, "'" + path + "': ROOT takes '" + path[special] +
                                            "' in a path for something else: rename the file, or link it under "
                                            "another name");
   struct stat info;
   if (stat(path.c_str(), &info) != 0)
      throw Error(EStatus::kIO, "cannot open '" + path + "': " + std::strerror(errno));
   if (S_ISDIR(info.st_mode))
      throw Error(EStatus::kBadArgument, "'" + path + "' is a directory; name a ROOT file");
   std::ifstream in(path, std::ios::binary);
   if (!in)
      throw Error(EStatus::kIO, "cannot open '" + path + "': " + std::strerror(errno));
   char magic[4] = {};
   in.read(magic, sizeof magic);
   if (in.gcount() != sizeof magic || std::memcmp(magic, "root", 4) != 0)
      throw Error(EStatus::kBadArgument, "'" + path + "' is not a ROOT file");
}

} // namespace

std::unique_ptr<TFile> OpenForReading(const std::string &path, ErrorTrap &trap)
{
   if (!IsRemote(path))
      CheckLocalFile(path);
   const TDirectory::TContext context;
   std::unique_ptr<TFile> file(TFile::Open(path.c_str(), "READ"));
   if (!file || file->IsZombie())
      trap.Throw(EStatus::kCorrupt, "'" + path + "' is damaged: get an intact copy");
   trap.Clear(); // what ROOT says of a file that it opened is about parts of it
   if (file->TestBit(TFile::kRecovered))
      throw Error(EStatus::kCorrupt, "'" + path +
                                        "' was not closed properly, its end may be missing: get an intact "
                                        "copy, or open it once in ROOT's UPDATE mode to repair it");
   return file;
}

std::vector<TKey *> CurrentKeys(TDirectory &dir)
{
   std::vector<TKey *> keys;
   for (TObject *obj : *dir.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(obj);
      if (dir.GetKey(key->GetName()) == key)
         keys.push_back(key);
   }
   return keys;
}

TDirectory &Subdirectory(TDirectory &dir, TKey &key, ErrorTrap &trap)
{
   // by the key, not by a path: names may have colons in them
   TObject *known = dir.GetList()->FindObject(key.GetName());
   auto *sub = dynamic_cast<TDirectory *>(known ? known : key.ReadObj());
   if (!sub)
      trap.Throw(EStatus::kCorrupt,
                 std::string("cannot read directory '") + key.GetName() + "' of '" + dir.GetFile()->GetName() + "'");
   return *sub;
}

bool IsTree(const TKey &key)
{
   const TClass *cl = TClass::GetClass(key.GetClassName());
   return cl && cl->InheritsFrom(TTree::Class());
}

bool IsDirectory(const TKey &key)
{
   const TClass *cl = TClass::GetClass(key.GetClassName());
   return cl && cl->InheritsFrom(TDirectory::Class());
}

} // namespace Internal
} // namespace RootBaler
