using Microsoft.Win32.SafeHandles;

namespace FlowEngine.Aeron;

/// <summary>Takes blocks of frames from a block poll. A struct, so that the call is inlined.</summary>
public interface IBlockHandler
{
    /// <summary>Whole frames, headers and alignment included; valid during the call only.</summary>
    void OnBlock(ReadOnlySpan<byte> block, int sessionId, int termId);
}

/// <summary>Takes blocks of frames from a raw poll, with the file they are in.</summary>
public interface IRawBlockHandler
{
    /// <summary>Whole frames, and where they are in the log's file; valid during the call only.</summary>
    void OnBlock(SafeFileHandle file, long fileOffset, ReadOnlySpan<byte> block, int sessionId, int termId);
}
