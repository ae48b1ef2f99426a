// A file that is made of another one: it keeps the descriptions of classes (StreamerInfos) that it was given.
#ifndef ROOTBALER_OUTPUTFILE_H
#define ROOTBALER_OUTPUTFILE_H

#include "support/ErrorTrap.h"

#include <TFile.h>
#include <TList.h>

#include <memory>
#include <string>

namespace RootBaler {
namespace Internal {

class OutputFile : public TFile {
public:
   /// Creates the file `path`, which must not exist, for what is in `like`: its title, whether it is reproducible (no
   /// identifier, no dates), its StreamerInfos. Throws Error (I/O).
   OutputFile(const std::string &path, TFile &like, int setting, ErrorTrap &trap);
   ~OutputFile() override;

   void WriteStreamerInfo() override;

private:
   const std::unique_ptr<TList> fGiven; ///< of all classes that objects of the original are of, whoever knows them
};

} // namespace Internal
} // namespace RootBaler

#endif
