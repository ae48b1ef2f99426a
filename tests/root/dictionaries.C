// Macros and PyROOT get every public class and struct without compiling anything.
#include "data.h"
#include <TClass.h>

#include <fstream>
#include <regex>

void dictionaries(std::string folder)
{
   gSystem->Load("libRootBaler");
   int found = 0;
   for (const char *name : {"Codec.h", "Error.h", "Tools.h"}) {
      std::ifstream header(folder + "/" + name);
      Require(header.is_open(), folder + "/" + name + " is there");
      const std::regex begins("^(struct|class) (\\w+) .*\\{$");
      std::smatch match;
      for (std::string line; std::getline(header, line);) {
         if (!std::regex_match(line, match, begins))
            continue;
         const std::string type = "RootBaler::" + match[2].str();
         const TClass *cl = TClass::GetClass(type.c_str());
         Require(cl && cl->HasDictionary(), type + " has a dictionary");
         ++found;
      }
   }
   Require(found >= 20, "the headers were understood");
   gSystem->Exit(0);
}
