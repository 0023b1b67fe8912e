import Agents
import ArgumentParser
import Backends
import EmbeddedBackend
import Foundation
import Knowledge
import Primitives
import Recipes
import Reporting
import Retrieval
import Rewards
import Storage
import Synthesis
import Tokenizers
import Training
import Transport

/// What the program says and returns when a command fails.
struct Failure {
    /// 0 done, 1 failed, 2 usage, 3 recipe or input invalid, 4 backend unavailable, 130 interrupted.
    private let code: Int32
    private let text: String

    /// What went wrong after the arguments were understood: the program's usage is no help any more.
    init(running error: any Error, command: any ParsableCommand.Type) {
        if let error = error as? ValidationError {
            self.init(code: 2, error)
        } else {
            self.init(error, command: command)
        }
    }

    init(_ error: any Error, command: any ParsableCommand.Type) {
        switch error {
        case SynthesisError.interrupted, SynthesisError.refinementInterrupted: self.init(code: 130, error)
        case KnowledgeError.storage(let error), SynthesisError.storage(let error),
            SynthesisError.knowledge(.storage(let error)), RetrievalError.storage(let error),
            ReasoningError.storage(let error):
            self.init(error)
        case SynthesisError.model, SynthesisError.spendLimitReached, SynthesisError.refinementSpendLimitReached:
            self.init(code: 4, error)
        case is RecipeError, is KnowledgeError, is SynthesisError, is TokenizerError, is RewardError, is JSONError,
            is EngineError, is RetrievalError, is ReasoningError, is SourceCatalogueError:
            self.init(code: 3, error)
        case let error as MCPError: self.init(code: error.isMisconfiguration ? 3 : 4, error)
        case is JudgeError, is ExtractionFailure, is BackendError, is FleetError, is TransportError,
            is EmbeddedServerError:
            self.init(code: 4, error)
        case let error as TrainingError:
            self.init(error)
        case let error as StorageError: self.init(error)
        case is ReportingError:
            self.init(code: 1, error)
        default:
            let status = command.exitCode(for: error).rawValue
            let isUsage = status == ExitCode.validationFailure.rawValue
            self.init(code: isUsage ? 2 : status, text: command.fullMessage(for: error))
        }
    }

    private init(code: Int32, text: String) {
        self.code = code
        self.text = text
    }

    private init(code: Int32, _ error: any Error) {
        self.init(code: code, text: "error: \(error)")
    }

    /// A file that is not there or not what it should be is an invalid input; a full disk and the like are failures.
    private init(_ error: StorageError) {
        let isInput = if case .malformed = error { true } else { error.isMissing }
        self.init(code: isInput ? 3 : 1, error)
    }

    private init(_ error: TrainingError) {
        switch error {
        case .interrupted: self.init(code: 130, error)
        case .invalidConfiguration, .runExists, .noRun, .runInUse, .recipeChanged, .inputChanged, .backendChanged,
            .stageOrder:
            self.init(code: 3, error)
        case .stateNotRestored: self.init(code: 4, error)
        default: self.init(code: 1, error)
        }
    }

    func exit() -> Never {
        if code == 0 {
            print(text)
        } else if !text.isEmpty {
            Terminal.writeToStandardError(text + "\n")
        }
        Foundation.exit(code)
    }
}
