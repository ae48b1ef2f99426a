// RDataFrame's Snapshot with RootBaler. ROOT's own turns compression algorithms that it does not know into its default.
#ifndef ROOTBALER_SNAPSHOT_H
#define ROOTBALER_SNAPSHOT_H

#include "RootBaler/Codec.h"

#include <ROOT/RSnapshotOptions.hxx>

#include <memory>
#include <string>
#include <vector>

namespace RootBaler {

namespace Internal {

/// The file of a snapshot, made beforehand with our compression setting, which ROOT then keeps. While this lives, the
/// tree of that name in it gets the codec; those of all threads, too.
class SnapshotFile {
public:
   SnapshotFile(const std::string &tree, const std::string &file, const Codec &codec,
                const ROOT::RDF::RSnapshotOptions &options);
   ~SnapshotFile();
   SnapshotFile(const SnapshotFile &) = delete;
   SnapshotFile &operator=(const SnapshotFile &) = delete;

   /// What ROOT's Snapshot has to be given.
   const ROOT::RDF::RSnapshotOptions &Options() const { return fOptions; }

private:
   ROOT::RDF::RSnapshotOptions fOptions;
   std::string fId;
};

} // namespace Internal

/// Does what node.Snapshot(tree, file, columns, options) does, and writes the tree with `codec`. Without `columns` it
/// writes all. Works with implicit MT, with mode "UPDATE" and lazily. The level is options.fCompressionLevel (5 if it is
/// not set); options.fCompressionAlgorithm is not looked at. A lazy snapshot makes the file at once, and fills it when
/// it runs.
template <typename Node>
auto Snapshot(Node node, const std::string &tree, const std::string &file, const Codec &codec,
              const std::vector<std::string> &columns = {}, const ROOT::RDF::RSnapshotOptions &options = {})
   -> decltype(node.Snapshot(tree, file, columns, options)) // PyROOT needs to be told
{
   const Internal::SnapshotFile prepared(tree, file, codec, options);
   if (columns.empty())
      return node.Snapshot(tree, file, "", prepared.Options());
   return node.Snapshot(tree, file, columns, prepared.Options());
}

} // namespace RootBaler

#endif
