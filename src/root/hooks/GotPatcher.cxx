#include "hooks/GotPatcher.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace RootBaler {
namespace Internal {

namespace {

#if defined(__x86_64__)
bool IsSlot(std::uint32_t type)
{
   return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64;
}
#elif defined(__aarch64__)
bool IsSlot(std::uint32_t type)
{
   return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_ABS64;
}
#else
#error "RootBaler knows the relocations of x86-64 and aarch64 only"
#endif

struct Range {
   std::uintptr_t fBegin = 0;
   std::uintptr_t fEnd = 0;
   bool Has(std::uintptr_t address) const { return address >= fBegin && address < fEnd; }
};

// The tables of one library that name its imports.
struct Image {
   std::string fName; // without folders
   Range fMapped;
   Range fReadOnly; // made read-only by the dynamic linker after relocation (RELRO)
   const ElfW(Sym) *fSymbols = nullptr;
   const char *fStrings = nullptr;
   std::pair<const ElfW(Rela) *, std::size_t> fTables[2];
};

Image ReadImage(const dl_phdr_info &info)
{
   Image image;
   const char *slash = std::strrchr(info.dlpi_name, '/');
   image.fName = slash ? slash + 1 : info.dlpi_name;
   const ElfW(Dyn) *dynamic = nullptr;
   for (int i = 0; i < info.dlpi_phnum; ++i) {
      const ElfW(Phdr) &header = info.dlpi_phdr[i];
      const std::uintptr_t begin = info.dlpi_addr + header.p_vaddr;
      if (header.p_type == PT_DYNAMIC)
         dynamic = reinterpret_cast<const ElfW(Dyn) *>(begin);
      else if (header.p_type == PT_GNU_RELRO)
         image.fReadOnly = {begin, begin + header.p_memsz};
      else if (header.p_type == PT_LOAD)
         image.fMapped = {image.fMapped.fBegin ? std::min(image.fMapped.fBegin, begin) : begin,
                          std::max(image.fMapped.fEnd, begin + header.p_memsz)};
   }
   std::size_t sizes[2] = {0, 0};
   for (; dynamic && dynamic->d_tag != DT_NULL; ++dynamic) {
      const auto value = dynamic->d_un.d_ptr;
      switch (dynamic->d_tag) {
      case DT_SYMTAB: image.fSymbols = reinterpret_cast<const ElfW(Sym) *>(value); break;
      case DT_STRTAB: image.fStrings = reinterpret_cast<const char *>(value); break;
      case DT_JMPREL: image.fTables[0].first = reinterpret_cast<const ElfW(Rela) *>(value); break;
      case DT_PLTRELSZ: sizes[0] = dynamic->d_un.d_val; break;
      case DT_RELA: image.fTables[1].first = reinterpret_cast<const ElfW(Rela) *>(value); break;
      case DT_RELASZ: sizes[1] = dynamic->d_un.d_val; break;
      }
   }
   for (int i = 0; i < 2; ++i)
      image.fTables[i].second = image.fTables[i].first ? sizes[i] / sizeof(ElfW(Rela)) : 0;
   // The kernel's vdso keeps offsets here, not addresses; it imports nothing.
   if (!image.fMapped.Has(reinterpret_cast<std::uintptr_t>(image.fStrings)))
      image.fTables[0].second = image.fTables[1].second = 0;
   return image;
}

bool Store(const Image &image, void **slot, void *value)
{
   const std::uintptr_t page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
   const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(slot);
   void *begin = reinterpret_cast<void *>(address / page * page);
   // The linker protects whole pages only.
   const Range readOnly = {image.fReadOnly.fBegin / page * page, image.fReadOnly.fEnd / page * page};
   const bool isReadOnly = readOnly.Has(address);
   if (isReadOnly && mprotect(begin, page, PROT_READ | PROT_WRITE) != 0)
      return false;
   __atomic_store_n(slot, value, __ATOMIC_SEQ_CST); // other threads may be calling
   return !isReadOnly || mprotect(begin, page, PROT_READ) == 0;
}

/// What VisitLibrary() looks for, and what came of it.
struct Search {
   std::vector<Redirection> &fRedirections;
   std::string fError;
};

int VisitLibrary(dl_phdr_info *info, std::size_t, void *argument)
{
   auto &search = *static_cast<Search *>(argument);
   const Image image = ReadImage(*info);
   if (image.fMapped.Has(reinterpret_cast<std::uintptr_t>(&VisitLibrary)))
      return 0; // our own calls go to ROOT
   for (auto &table : image.fTables) {
      for (std::size_t i = 0; i < table.second; ++i) {
         const ElfW(Rela) &entry = table.first[i];
         const std::size_t symbol = ELF64_R_SYM(entry.r_info);
         if (symbol == 0 || !IsSlot(ELF64_R_TYPE(entry.r_info)))
            continue;
         const char *name = image.fStrings + image.fSymbols[symbol].st_name;
         for (Redirection &redirection : search.fRedirections) {
            if (std::strcmp(name, redirection.fSymbol) != 0)
               continue;
            if (Store(image, reinterpret_cast<void **>(info->dlpi_addr + entry.r_offset), redirection.fReplacement))
               redirection.fLibraries.push_back(image.fName);
            else
               search.fError = "mprotect failed in " + image.fName + ": " + std::strerror(errno);
         }
      }
   }
   return 0;
}

} // namespace

bool Redirection::IsComplete() const
{
   return std::any_of(fLibraries.begin(), fLibraries.end(),
                      [this](const std::string &name) { return name.rfind(fRequiredIn, 0) == 0; });
}

std::string Redirect(std::vector<Redirection> &redirections)
{
   Search search{redirections, ""};
   dl_iterate_phdr(VisitLibrary, &search);
   return search.fError;
}

} // namespace Internal
} // namespace RootBaler
