using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// The record both control buffers are made of:
/// <code>0 length i32: 8 + message, unaligned | 4 type i32 | 8 message | next record at the next multiple of 8</code>
/// </summary>
internal static class Record
{
    public const int HeaderLength = 8;
    public const int TypeOffset = 4;
    public const int Alignment = 8;

    /// <summary>Type of a filler record.</summary>
    public const int PaddingType = -1;

    public static int Align(int length) => CacheLine.Align(length, Alignment);
}
