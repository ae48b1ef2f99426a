// Model files: one model as the core writes it, or several behind each other with a header of ours.
#ifndef ROOTBALER_MODELFILE_H
#define ROOTBALER_MODELFILE_H

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// The serialised models of a file. Throws Error if it cannot be read; models themselves are not checked.
std::vector<std::string> ReadModelFile(const std::string &path);

/// Writes models to one file; one alone is written as it is.
void WriteModelFile(const std::vector<std::string> &models, const std::string &path);

} // namespace Internal
} // namespace RootBaler

#endif
