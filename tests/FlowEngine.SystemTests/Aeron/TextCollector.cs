using System.Text;
using FlowEngine.Aeron;

namespace FlowEngine.SystemTests.Aeron;

internal readonly struct TextCollector() : IFragmentHandler
{
    public List<string> Texts { get; } = [];

    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        Texts.Add(Encoding.ASCII.GetString(payload));
}
