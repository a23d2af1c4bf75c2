using FlowEngine.Feeds.Readers;
using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace FlowEngine.Cli.Input;

/// <summary>The unpackers that need packages.</summary>
internal static class Unpackers
{
    /// <summary>Opens a packed stream; null where there is no unpacker.</summary>
    public static Stream? Open(Packing packing, Stream packed) => packing switch
    {
        Packing.Zstd => new UnpackedStream(new DecompressionStream(packed, leaveOpen: false)),
        Packing.Xz => new UnpackedStream(new XZStream(packed)),
        _ => null,
    };
}
