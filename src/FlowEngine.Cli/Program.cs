using FlowEngine.Cli;
using FlowEngine.Cli.Frame;

using var stop = StopSignal.OfProcess();
return FlowEngineCli.Run(args, CommandOutput.OfProcess(), stop);
