using System.Numerics;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron;

/// <summary>
/// A message being put together: a copy of the first fragment's header, then the payloads. In native memory, so
/// that the result looks like a frame. Grows by doubling, to the longest message seen.
/// </summary>
internal sealed unsafe class AssemblyBuffer : IDisposable
{
    private NativeBlock _block = new(4096);
    private int _length;
    private long _expected;
    private bool _isOpen;

    /// <summary>Starts a message with its first fragment.</summary>
    public void Begin(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        header.Bytes.CopyTo(_block.Slice(0, DataFrame.HeaderLength));
        _length = DataFrame.HeaderLength;
        _isOpen = true;
        Append(payload, header);
    }

    /// <summary>Adds the next fragment; drops the message if a fragment is missing in between.</summary>
    /// <returns>Whether the message goes on.</returns>
    public bool TryContinue(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!_isOpen)
        {
            return false;
        }

        var begin = header.Position - DataFrame.Align(header.FrameLength);
        var length = (long)_length + payload.Length;
        if (begin != _expected || length > LogBufferDescriptor.MaxMessageLengthLimit + DataFrame.HeaderLength)
        {
            _isOpen = false;
            return false;
        }

        Append(payload, header);
        return true;
    }

    /// <summary>Takes back the last fragment, which will come again.</summary>
    public void Rewind(int payloadLength, in FragmentHeader header)
    {
        _length -= payloadLength;
        _expected = header.Position - DataFrame.Align(header.FrameLength);
        _isOpen = true;
    }

    /// <summary>The whole message, after its last fragment.</summary>
    public ReadOnlySpan<byte> Complete(long position, byte lastFlags, out FragmentHeader header)
    {
        _isOpen = false;
        var frame = _block.Pointer;
        *(int*)frame = _length;
        frame[DataFrame.FlagsOffset] |= (byte)(lastFlags | DataFrame.Unfragmented);
        header = new FragmentHeader(frame, position);
        return new ReadOnlySpan<byte>(frame + DataFrame.HeaderLength, _length - DataFrame.HeaderLength);
    }

    public void Dispose() => _block.Dispose();

    private void Append(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (_length + payload.Length > _block.Length)
        {
            Grow(_length + payload.Length);
        }

        payload.CopyTo(_block.Slice(_length, payload.Length));
        _length += payload.Length;
        _expected = header.Position;
    }

    private void Grow(int required)
    {
        var larger = new NativeBlock((long)BitOperations.RoundUpToPowerOf2((uint)required));
        _block.Slice(0, _length).CopyTo(larger.Slice(0, _length));
        _block.Dispose();
        _block = larger;
    }
}
