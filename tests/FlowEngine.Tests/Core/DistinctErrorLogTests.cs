using CsCheck;
using FlowEngine.Core.Errors;
using FlowEngine.Core.Memory;
using Xunit;

namespace FlowEngine.Tests.Core;

public sealed unsafe class DistinctErrorLogTests
{
    [Fact]
    public void The_same_error_is_counted_and_a_new_one_appended()
    {
        using var block = new NativeBlock(1024);
        var log = new DistinctErrorLog(block.Pointer, 1024);
        Assert.True(log.Record(1, "broken", 100));
        Assert.True(log.Record(1, "burnt", 150));
        Assert.True(log.Record(1, "broken", 200));
        Assert.True(log.Record(2, "broken", 300));
        Assert.Equal(
            [new ErrorObservation(2, 100, 200, "broken"), new(1, 150, 150, "burnt"), new(1, 300, 300, "broken")],
            ErrorLogReader.Read(block.Pointer, 1024));
        Assert.Equal(["broken", "broken"], ErrorLogReader.Read(block.Pointer, 1024, sinceMs: 200).Select(e => e.Text));
    }

    [Fact]
    public void Any_sequence_of_errors_is_kept_as_far_as_there_is_room()
    {
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 60]).List[0, 100].Sample(errors =>
        {
            using var block = new NativeBlock(512);
            var log = new DistinctErrorLog(block.Pointer, 512);
            var model = new List<(string Text, int Count)>();
            var dropped = 0;
            foreach (var (kind, length) in errors)
            {
                var text = $"{kind} {new string('e', length)}";
                var known = model.FindIndex(m => m.Text == text);
                if (!log.Record(0, text, 1))
                {
                    Assert.Equal(-1, known);
                    dropped++;
                }
                else if (known >= 0)
                {
                    model[known] = (text, model[known].Count + 1);
                }
                else
                {
                    model.Add((text, 1));
                }
            }

            Assert.Equal(dropped, log.Dropped);
            Assert.Equal(model, ErrorLogReader.Read(block.Pointer, 512).Select(e => (e.Text, e.Count)));
        });
    }

    [Fact]
    public void Garbage_is_read_as_no_errors_and_never_beyond_the_end()
    {
        using var block = new NativeBlock(64);
        *(int*)block.Pointer = 4000;
        Assert.Empty(ErrorLogReader.Read(block.Pointer, 64));
        *(int*)block.Pointer = 3;
        Assert.Empty(ErrorLogReader.Read(block.Pointer, 64));
    }
}
